package dev.staffetta.domain;

/**
 * What a domain's decisions depend on beside its state.
 *
 * @param maxAliasTargets addresses that one alias may lead to
 */
record DomainContext(int maxAliasTargets) {}
