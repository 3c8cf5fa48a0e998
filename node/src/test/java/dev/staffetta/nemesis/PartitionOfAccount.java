package dev.staffetta.nemesis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which partition an account is in, told independently of the store: FNV-1a of its address, mixed
 * once more. A product that hashes otherwise has lost its data.
 */
final class PartitionOfAccount {
  private PartitionOfAccount() {}

  static int of(String address, int partitions) {
    long hash = 0xcbf29ce484222325L;
    for (byte octet : address.getBytes(StandardCharsets.UTF_8)) {
      hash ^= octet & 0xff;
      hash *= 0x100000001b3L;
    }
    hash ^= hash >>> 33;
    hash *= 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    return (int) Long.remainderUnsigned(hash, partitions);
  }

  /** An address in each partition, by number. */
  static List<String> oneInEach(int partitions) {
    return someInEach(partitions, 1).stream().map(some -> some.get(0)).toList();
  }

  /** So many addresses in each partition, by number. */
  static List<List<String>> someInEach(int partitions, int each) {
    List<List<String>> addresses = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      int number = partition;
      addresses.add(
          IntStream.iterate(1, i -> i + 1)
              .mapToObj(PartitionOfAccount::name)
              .filter(name -> of(name, partitions) == number)
              .limit(each)
              .toList());
    }
    return addresses;
  }

  private static String name(int i) {
    return "user" + i + "@example.com";
  }
}
