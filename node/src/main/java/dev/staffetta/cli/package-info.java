/**
 * The command {@code staffetta}: what an operator types, one class a command. Commands that
 * administer talk to a running node's admin API; {@code serve} and {@code cluster} start nodes.
 */
package dev.staffetta.cli;
