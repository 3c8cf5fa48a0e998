package dev.staffetta.ports.memory;

/** The calls of the ports that can be made to fail. */
public enum PortCall {
  AUTHENTICATE,
  LOCK_MAILDROP,
  COUNT_RECIPIENT,

  TREE,
  CREATE,
  DELETE,
  RENAME,
  SUBSCRIBE,
  UNSUBSCRIBE,

  OPEN,
  VIEW,
  APPEND,
  STORE,
  EXPUNGE,
  COPY,
  MOVE,

  /** {@link dev.staffetta.ports.Contents#read}; the fault meets the stream when it is run. */
  READ,
  SUMMARIES,

  SPOOL_APPEND,
  SPOOL_FINISH,

  FIND,
  DELIVER,

  /** Any call of {@link dev.staffetta.ports.Directory}. */
  DIRECTORY
}
