/**
 * What every implementation of the ports must do, as tests: an interface a port, whose tests a
 * class takes over by implementing it ({@link dev.staffetta.ports.contract.PortsUnderTest}). So
 * what stands for the real ports in tests, and the real ones, cannot drift apart.
 *
 * <p>Each test makes accounts of its own, so that one system can serve all.
 */
package dev.staffetta.ports.contract;
