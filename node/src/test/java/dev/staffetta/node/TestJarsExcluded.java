package dev.staffetta.node;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** Leaves out the fixtures that other modules give as jars of tests. */
final class TestJarsExcluded implements ImportOption {
  @Override
  public boolean includes(Location location) {
    return !location.contains("-tests.jar") && !location.contains("/test-classes/");
  }
}
