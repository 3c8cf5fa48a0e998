/** Mail between servers, each the packaged product in a process of its own. No unit tests. */
package dev.staffetta.relay;
