/**
 * Small blocking clients of the three protocols for tests and load: they do what they are told,
 * hide nothing, and fail on any reply that was not expected. Not for ordinary dialogue tests, which
 * have scripts.
 */
package dev.staffetta.client;
