/**
 * How any protocol meets a connection: the stages for TLS, framing and session that every
 * listener's flow is made of, and the interfaces that a protocol fills in. Knows no particular
 * protocol.
 */
package dev.staffetta.wire;
