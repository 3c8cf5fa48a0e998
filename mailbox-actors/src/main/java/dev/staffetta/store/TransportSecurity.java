package dev.staffetta.store;

import java.nio.file.Path;

/**
 * What a node proves itself with to its peers, and by what it knows theirs: mutual TLS.
 *
 * @param key of the node: PKCS#8, PEM
 * @param certificate of the node, and what it takes to get from it to the authority: PEM. Its
 *     subject alternative names hold the host by which the peers reach it
 * @param authority that has signed the certificates of all nodes: PEM
 */
public record TransportSecurity(Path key, Path certificate, Path authority) {}
