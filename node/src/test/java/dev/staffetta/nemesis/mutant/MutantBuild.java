package dev.staffetta.nemesis.mutant;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles a mutant and packs the agent. */
public final class MutantBuild {
  private MutantBuild() {}

  /**
   * Makes a mutant.
   *
   * @param root of the source tree, in which the product has been packaged
   * @param directory for what is made
   * @return the option of {@code java} by which a node becomes this mutant
   */
  public static String javaOption(Mutant mutant, Path root, Path directory) throws IOException {
    Path classes = Files.createDirectories(directory.resolve("mutant"));
    Path original = root.resolve(mutant.file());
    Path source = classes.resolve(original.getFileName().toString());
    Files.writeString(source, mutant.change(Files.readString(original)));
    compile(source, classes, root.resolve("node/target/staffetta/lib"));
    Path agent = directory.resolve("agent.jar");
    packAgent(agent);
    return "-javaagent:" + agent + "=" + classes;
  }

  private static void compile(Path source, Path classes, Path libraries) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> jars = Files.list(libraries)) {
      String path = jars.map(Path::toString).collect(Collectors.joining(":"));
      List<String> options =
          List.of(
              "-proc:none", "-nowarn", "--release", "17", "-cp", path, "-d", classes.toString());
      boolean isDone =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      if (!isDone) {
        throw new IOException("the mutant " + source + " does not compile:\n" + said);
      }
    }
  }

  private static void packAgent(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(new Attributes.Name("Premain-Class"), ClassSwap.class.getName());
    String entry = ClassSwap.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        InputStream bytes = MutantBuild.class.getClassLoader().getResourceAsStream(entry)) {
      out.putNextEntry(new JarEntry(entry));
      bytes.transferTo(out);
      out.closeEntry();
    }
  }
}
