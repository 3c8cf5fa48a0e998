package dev.staffetta.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The processes of a server, as Linux shows them in /proc. */
record Processes(List<Long> pids) {
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern PROPORTIONAL = Pattern.compile("Pss:\\s+(\\d+) kB");

  /** Linux counts a process' time in ticks, for programs always a hundred a second. */
  private static final long MILLIS_PER_TICK = 10;

  /**
   * proc(5), /proc/pid/stat: utime, stime, cutime and cstime, counted from what follows the name.
   */
  private static final int USER_TICKS = 11;

  Processes {
    pids = List.copyOf(pids);
  }

  /** Resident memory of all, in bytes; 0 when no process is known. */
  long residentBytes() throws IOException {
    long kilobytes = 0;
    for (long pid : pids) {
      Matcher m = RESIDENT.matcher(Files.readString(file(pid, "status")));
      kilobytes += m.find() ? Long.parseLong(m.group(1)) : 0;
    }
    return kilobytes * 1024;
  }

  /** Memory of all, in bytes, each page shared out among those that have it; 0 for none. */
  long proportionalBytes() {
    long kilobytes = 0;
    for (long pid : pids) {
      try {
        Matcher m = PROPORTIONAL.matcher(Files.readString(file(pid, "smaps_rollup")));
        kilobytes += m.find() ? Long.parseLong(m.group(1)) : 0;
      } catch (IOException gone) {
        // It has ended meanwhile.
      }
    }
    return kilobytes * 1024;
  }

  /** Processor time of all so far, in milliseconds; 0 when no process is known. */
  long cpuMillis() {
    return cpuMillis(2);
  }

  /** The same and what their children had used that have ended. */
  long cpuMillisWithEnded() {
    return cpuMillis(4);
  }

  private long cpuMillis(int fieldsFromUser) {
    long ticks = 0;
    for (long pid : pids) {
      try {
        String stat = Files.readString(file(pid, "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        for (int i = 0; i < fieldsFromUser; i++) {
          ticks += Long.parseLong(fields[USER_TICKS + i]);
        }
      } catch (IOException gone) {
        // It has ended meanwhile.
      }
    }
    return ticks * MILLIS_PER_TICK;
  }

  private static Path file(long pid, String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }
}
