package dev.staffetta.exchanger;

/** Who hears what happens at exchangers, on the threads of their connections. */
public interface Arrivals {
  /** Somebody connects. */
  void connected(MailExchanger exchanger);

  /** A message is kept. */
  void arrived(MailExchanger exchanger, Arrival arrival);
}
