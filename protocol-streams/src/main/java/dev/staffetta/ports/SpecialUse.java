package dev.staffetta.ports;

/** What a mailbox is for (RFC 6154 2). */
public enum SpecialUse {
  ARCHIVE("\\Archive"),
  DRAFTS("\\Drafts"),
  JUNK("\\Junk"),
  SENT("\\Sent"),
  TRASH("\\Trash");

  private final String attribute;

  SpecialUse(String attribute) {
    this.attribute = attribute;
  }

  /** As LIST writes it. */
  public String attribute() {
    return attribute;
  }
}
