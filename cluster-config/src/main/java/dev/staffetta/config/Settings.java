package dev.staffetta.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.net.MalformedURLException;
import java.net.URL;

/**
 * All settings of a node: a record a section of {@code reference.conf}.
 *
 * <p>Read from a file by {@link SettingsLoader}, which checks it first.
 */
public record Settings(
    NodeSettings node,
    ListenersSettings listeners,
    TlsSettings tls,
    SmtpSettings smtp,
    Pop3Settings pop3,
    ImapSettings imap,
    StoreSettings store,
    ClusterSettings cluster,
    AccountSettings accounts,
    MailboxSettings mailboxes,
    DeliverySettings delivery,
    RelaySettings relay,
    AdminSettings admin) {

  /** The key above all of Staffetta's settings. */
  static final String ROOT = "staffetta";

  /**
   * Reads every section.
   *
   * @param staffetta what is under {@code staffetta}, every key present
   */
  static Settings from(Config staffetta) {
    return new Settings(
        NodeSettings.from(staffetta.getConfig("node")),
        ListenersSettings.from(staffetta.getConfig("listeners")),
        TlsSettings.from(staffetta.getConfig("tls")),
        SmtpSettings.from(staffetta.getConfig("smtp")),
        Pop3Settings.from(staffetta.getConfig("pop3")),
        ImapSettings.from(staffetta.getConfig("imap")),
        StoreSettings.from(staffetta.getConfig("store")),
        ClusterSettings.from(staffetta.getConfig("cluster")),
        AccountSettings.from(staffetta.getConfig("accounts")),
        MailboxSettings.from(staffetta.getConfig("mailboxes")),
        DeliverySettings.from(staffetta.getConfig("delivery")),
        RelaySettings.from(staffetta.getConfig("relay")),
        AdminSettings.from(staffetta.getConfig("admin")));
  }

  /** What is under {@code staffetta} in reference.conf: every key with its default. */
  static Config reference() {
    return ConfigFactory.parseURL(referenceConf(), ConfigParseOptions.defaults())
        .resolve()
        .getConfig(ROOT);
  }

  /** The one beside this class: every library has a file of that name. */
  private static URL referenceConf() {
    String ownName = Settings.class.getName().replace('.', '/') + ".class";
    URL own = Settings.class.getResource("/" + ownName);
    try {
      return new URL(own.toString().replace(ownName, "reference.conf"));
    } catch (MalformedURLException e) {
      throw new IllegalStateException("no reference.conf beside " + own, e);
    }
  }
}
