package dev.staffetta.nemesis.mutant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;

/** The agent: takes a class from a directory, where it is there, instead of the product's. */
public final class ClassSwap implements ClassFileTransformer {
  private final Path classes;

  private ClassSwap(Path classes) {
    this.classes = classes;
  }

  /** Called by the JVM before the product starts. */
  public static void premain(String directory, Instrumentation instrumentation) {
    instrumentation.addTransformer(new ClassSwap(Path.of(directory)));
  }

  /** Null, by the interface's contract, leaves the class as it is. */
  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
    Path file = classes.resolve(name + ".class");
    try {
      return Files.exists(file) ? Files.readAllBytes(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
