/**
 * What all entities have in common: how one is found by its name, asked, and asked again while it
 * moves. Knows no entity in particular.
 */
package dev.staffetta.sharding;
