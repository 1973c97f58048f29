package dev.weft.server.http;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.RequestHead;
import dev.weft.codec.Trailers;
import dev.weft.exchange.PeerText;
import io.netty.buffer.ByteBuf;

/**
 * An endpoint's side of one request, in the version of HTTP that it is spoken to. What it is given
 * comes in the framing of the head that it was given, and it frames it anew where its version
 * differs. Confined to its event loop.
 */
public interface UpstreamLeg {
  /** Serves a request; it is told of the answer. */
  void attach(Caller caller);

  /**
   * The head of the request.
   *
   * @param scheme {@code http} or {@code https}
   * @param last whether nothing follows
   */
  void head(RequestHead head, HeadOverlay edits, CharSequence scheme, boolean last);

  /** A part of the body. Takes ownership. */
  void body(ByteBuf part, boolean last);

  /** The end of a body whose head came over HTTP/2. */
  void trailers(Trailers trailers);

  /** Sends what was written. */
  void flush();

  /** Whether more can be written now. */
  boolean writable();

  boolean closed();

  /** Bytes that were written and not sent. */
  long unsent();

  /** Reads no more of the answer until it is to {@link #resume}. */
  void pause();

  void resume();

  /** How many bytes of the answer's content were received. */
  long received();

  /**
   * Whether the endpoint closed a connection that had served before, without a word of an answer:
   * most likely it did so before it saw the request.
   */
  boolean stale();

  /** The verified name of the peer; empty without TLS. */
  String principal();

  /** {@code ip:port} of this side. */
  String localText();

  PeerText peerMetadata();

  /**
   * The request is over.
   *
   * @param reusable whether both messages were complete
   */
  void release(boolean reusable);

  /** Breaks the request off. */
  void abort();

  /** From now on bytes pass as they are (after 101). */
  void becomeTunnel();

  /** In a tunnel: the client sends no more. */
  void endOutput();
}
