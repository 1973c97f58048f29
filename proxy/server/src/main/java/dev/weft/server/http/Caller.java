package dev.weft.server.http;

import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.codec.Violation;
import io.netty.buffer.ByteBuf;

/** Whoever has a request under way at an endpoint. Called on its event loop. */
public interface Caller {
  /** How a request ended that was not answered in full. */
  enum Loss {
    /** The connection or the stream broke. */
    BROKEN,
    /** The endpoint said that it did not look at the request. */
    REFUSED
  }

  /** Whether the request is HEAD, so that no body answers it. */
  boolean answersHead();

  /** Whether an upgrade was asked for. */
  boolean upgrades();

  /** A response that is not the final one. */
  void interim(ResponseHead head);

  /**
   * The head of the final response.
   *
   * @param last whether nothing follows
   * @return false where the request is tried again and the answer is not wanted any more
   */
  boolean responseHead(UpstreamLeg from, ResponseHead head, boolean last);

  /** A part of the response's body. Takes ownership. */
  void responseBody(ByteBuf part, boolean last);

  /** The end of a response that came over HTTP/2. */
  void responseTrailers(Trailers trailers);

  /**
   * The response is complete.
   *
   * @param reusable whether the connection may serve another request
   */
  void responseEnd(UpstreamLeg from, boolean reusable);

  /** Everything that was received for now was handed over. */
  void flushDownstream();

  /** More can be written. */
  void upstreamWritable();

  /** The answer will not be completed. */
  void upstreamLost(UpstreamLeg from, Loss loss);

  /** The endpoint answered something that breaks the protocol. */
  void badResponse(UpstreamLeg from, Violation violation);

  /** The endpoint switched protocols, as it was asked to. */
  void upgraded(UpstreamLeg from);

  /** Bytes of a tunnel. Takes ownership. */
  void tunnelled(ByteBuf part);

  /** In a tunnel: the endpoint sends no more. */
  void serverEnds();

  /** Peers make the loop hold too much. */
  void shed();
}
