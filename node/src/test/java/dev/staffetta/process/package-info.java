/** The packaged product in processes of its own, started and ended as an operator would. */
package dev.staffetta.process;
