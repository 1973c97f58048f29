package dev.weft.server.http;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import io.netty.buffer.ByteBuf;

/**
 * The client's side of one request, in the version of HTTP that it speaks. What it is given comes
 * in the framing of the head that it was given, and it frames it anew where its version differs.
 * Confined to its event loop.
 */
public interface DownstreamLeg {
  /** Whether the request was received to its end. */
  boolean requestComplete();

  /** How many bytes of the request's content were received. */
  long received();

  /** Whether received bytes are being handed over right now. */
  boolean handingOver();

  /** More of the request's body can be taken. */
  void resume();

  /** A response that is not the final one. */
  void interim(ResponseHead head, HeadOverlay edits);

  /**
   * The head of the final response.
   *
   * @param last whether nothing follows
   */
  void head(ResponseHead head, HeadOverlay edits, boolean last);

  /**
   * The head of the final response, whose body is not the one that its head speaks of: it comes
   * bare, as content of unknown length.
   */
  void codedHead(ResponseHead head, HeadOverlay edits);

  /** A part of the body. Takes ownership. */
  void body(ByteBuf part, boolean last);

  /** The end of a body whose head came over HTTP/2. */
  void trailers(Trailers trailers);

  /** Sends what was written. */
  void flush();

  /** Whether more can be written now; true where the client is gone. */
  boolean writable();

  /**
   * The exchange is over and its response is complete, though perhaps not flushed.
   *
   * @param keep false where the connection must not be used again
   */
  void finished(boolean keep);

  /** Breaks off: the answer cannot be completed. */
  void abort();

  /** Takes no further request on this connection. */
  void drain();

  /** From now on bytes pass as they are. */
  void becomeTunnel();

  /** In a tunnel: the server sends no more. */
  void endOutput();

  /** Something was received from either side. */
  void touch();

  /** More or less is held for the client than before. */
  void heldChanged();
}
