package dev.staffetta.config;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Section {@code staffetta.accounts}. What each means and why its default is what it is stands in
 * {@code reference.conf}.
 *
 * @param defaultDomain of a user name without one; empty: such a name is nobody's
 * @param maxFolders names in a folder tree, and subscriptions
 * @param maxFolderDepth levels of a name
 * @param maxFolderNameLength of a whole name, in bytes of UTF-8
 * @param snapshotEvery so many changes
 * @param idleTimeout after which an account or domain that nobody uses leaves memory
 * @param remindAfter before an entity that does not answer is asked again
 * @param maildropGrace for the POP3 session that had the maildrop before the account moved
 */
public record AccountSettings(
    String defaultDomain,
    int maxFolders,
    int maxFolderDepth,
    int maxFolderNameLength,
    int snapshotEvery,
    Duration idleTimeout,
    Duration remindAfter,
    Duration maildropGrace,
    Passwords passwords,
    Throttle throttle,
    Submission submission) {

  public AccountSettings {
    if (defaultDomain.indexOf('@') >= 0) {
      throw new IllegalArgumentException("must be a domain such as example.com, or empty");
    }
    if (maxFolders < 6) {
      throw new IllegalArgumentException("must be at least 6, for INBOX and the usual ones");
    }
    if (maxFolderDepth < 1 || maxFolderNameLength < 5 || snapshotEvery < 1) {
      throw new IllegalArgumentException("must be at least 1, the length of a name 5");
    }
    if (idleTimeout.toMillis() < 1 || remindAfter.toMillis() < 1 || maildropGrace.toMillis() < 1) {
      throw new IllegalArgumentException("must be at least 1ms");
    }
  }

  /**
   * Section {@code passwords}: Argon2id (RFC 9106) for new passwords, and how many are verified at
   * once.
   *
   * @param memoryKib of one hash
   * @param passes over that memory
   * @param lanes of one hash
   * @param threads hashes at once
   * @param queue hashes that may wait
   * @param cacheFor a password that was right is remembered
   * @param cacheSize passwords remembered
   */
  public record Passwords(
      int memoryKib,
      int passes,
      int lanes,
      int threads,
      int queue,
      Duration cacheFor,
      int cacheSize) {
    public Passwords {
      if (lanes < 1 || lanes > 16 || passes < 1 || passes > 32) {
        throw new IllegalArgumentException("must have 1 to 16 lanes and 1 to 32 passes");
      }
      if (memoryKib < 8 * lanes || memoryKib > 256 * 1024) {
        throw new IllegalArgumentException("must take from 8 KiB a lane to 256 MiB");
      }
      if (threads < 1 || queue < 1 || cacheSize < 1) {
        throw new IllegalArgumentException("must be at least 1");
      }
    }
  }

  /**
   * Section {@code throttle}: what a client address that fails to log in has to bear.
   *
   * @param failures of late that cost nothing
   * @param forget one failure in this time
   * @param delay before an attempt after more failures
   * @param waiting attempts of one address that may be delayed at once
   * @param addresses remembered
   */
  public record Throttle(
      int failures, Duration forget, Duration delay, int waiting, int addresses) {
    public Throttle {
      if (failures < 0 || waiting < 1 || addresses < 1 || forget.toMillis() < 1) {
        throw new IllegalArgumentException("must be at least 1, failures 0");
      }
    }
  }

  /**
   * Section {@code submission}: to how many recipients an account may send.
   *
   * @param writeEvery so many recipients the count is written
   */
  public record Submission(int recipientsPerHour, int recipientsPerDay, int writeEvery) {
    public Submission {
      if (recipientsPerHour < 1 || recipientsPerDay < 1 || writeEvery < 1) {
        throw new IllegalArgumentException("must be at least 1");
      }
    }
  }

  /** Reads the section. */
  public static AccountSettings from(Config section) {
    Config passwords = section.getConfig("passwords");
    Config throttle = section.getConfig("throttle");
    Config submission = section.getConfig("submission");
    return new AccountSettings(
        section.getString("default-domain"),
        section.getInt("max-folders"),
        section.getInt("max-folder-depth"),
        Math.toIntExact(section.getBytes("max-folder-name-length")),
        section.getInt("snapshot-every"),
        section.getDuration("idle-timeout"),
        section.getDuration("remind-after"),
        section.getDuration("maildrop-grace"),
        new Passwords(
            Math.toIntExact(passwords.getBytes("memory") / 1024),
            passwords.getInt("passes"),
            passwords.getInt("lanes"),
            passwords.getInt("threads"),
            passwords.getInt("queue"),
            passwords.getDuration("cache-for"),
            passwords.getInt("cache-size")),
        new Throttle(
            throttle.getInt("failures"),
            throttle.getDuration("forget"),
            throttle.getDuration("delay"),
            throttle.getInt("waiting"),
            throttle.getInt("addresses")),
        new Submission(
            submission.getInt("recipients-per-hour"),
            submission.getInt("recipients-per-day"),
            submission.getInt("write-every")));
  }
}
