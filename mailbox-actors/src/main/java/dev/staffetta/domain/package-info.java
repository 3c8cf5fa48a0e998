/**
 * Domains: which accounts and aliases a domain has, which domains there are, and how an
 * administrator changes that (the port {@code Directory}).
 *
 * <p>What an account is made of is the business of {@code dev.staffetta.account}.
 */
package dev.staffetta.domain;
