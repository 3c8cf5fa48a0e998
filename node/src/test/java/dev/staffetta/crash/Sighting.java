package dev.staffetta.crash;

import java.util.Set;

/** A message as the checker found it in a folder. */
record Sighting(String folder, long uid, String token, Set<String> flags, long size) {}
