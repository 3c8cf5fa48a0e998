/**
 * Dialogues between client and server as text files that anyone who knows the RFC can read, and
 * what runs them: over a pure session without a socket, or over a socket against any server.
 *
 * <pre>
 * # A comment. Empty lines mean nothing.
 * S: +OK … ready
 * C: USER alice@example.com
 * S: +OK…
 * C+: PASS sec
 * C+: ret\r\n
 * S: -ERR [AUTH] …
 * C: QUIT
 * S: +OK …
 * S-EOF:
 * </pre>
 *
 * <table>
 * <caption>What a line may be</caption>
 * <tr><td>{@code C: text}</td><td>the client sends the text and CRLF</td></tr>
 * <tr><td>{@code C+: text}</td><td>the client sends exactly the text, in which {@code \r}, {@code
 * \n}, {@code \t}, {@code \\} and {@code \}{@code xHH} (one octet) are escapes</td></tr>
 * <tr><td>{@code C-EOF:}</td><td>the client closes the connection</td></tr>
 * <tr><td>{@code S: pattern}</td><td>the server's next line, without its CRLF, is this; {@code …}
 * stands for any characters, also none</td></tr>
 * <tr><td>{@code S*: pattern}</td><td>any number of the server's lines that are this, up to the first
 * that is what the next {@code S:} says</td></tr>
 * <tr><td>{@code S{} and {@code S}}</td><td>alone on their lines: the {@code S:} lines between them
 * come in any order</td></tr>
 * <tr><td>{@code S-EOF:}</td><td>the server has closed the connection and sent nothing more</td></tr>
 * <tr><td>{@code TLS:}</td><td>both sides start TLS now</td></tr>
 * </table>
 *
 * <p>One blank after the colon belongs to the mark, all after that to the text. Text is UTF-8. A
 * digit after the letter ({@code C2:}, {@code S2:}, {@code C2+:}, {@code S2-EOF:}, {@code TLS2:})
 * is another connection, opened where the script first names it. {@code ${name}} is a value that
 * the test gives by {@link dev.staffetta.dialogue.DialogueScript#with}.
 *
 * <p>A literal or any text of many lines is written as the lines it is made of. A script whose
 * client sends more before it looks at the replies pipelines.
 */
package dev.staffetta.dialogue;
