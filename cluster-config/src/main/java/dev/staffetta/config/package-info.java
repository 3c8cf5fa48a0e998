/**
 * Typed settings read from HOCON, and the identity of a node and its peers. A record a section of
 * {@code reference.conf}; nothing here acts on a setting.
 */
package dev.staffetta.config;
