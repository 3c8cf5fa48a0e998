/**
 * Where connections come in: one listener a service, limits on how many there may be, the node's
 * certificate. It gives each connection a protocol and knows nothing of what is spoken; the way
 * goes on in {@link dev.staffetta.wire}.
 */
package dev.staffetta.listen;
