package dev.staffetta.nemesis.load;

import dev.staffetta.process.ServerPorts;

/** A node as clients know it. */
public record NodeAddress(String name, ServerPorts ports) {}
