package dev.staffetta.node;

/** Which Staffetta this is. */
final class Version {
  private Version() {}

  /** The one in the jar's manifest. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
