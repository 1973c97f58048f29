package dev.weft.exchange;

import java.nio.ByteBuffer;

/**
 * Looks at the content of one request and of its answer as it passes, and keeps none of it.
 * Confined to its exchange.
 */
public interface BodyWatch {
  /** A part of the request's content, valid during the call alone. */
  void request(ByteBuffer part);

  /** A part of the answer's content as the endpoint sent it, valid during the call alone. */
  void response(ByteBuffer part);

  /** The exchange is over, whatever ended it. */
  void end(Ended exchange);

  /** This one and another one. */
  default BodyWatch with(BodyWatch other) {
    return new BodyWatch() {
      @Override
      public void request(ByteBuffer part) {
        BodyWatch.this.request(part.duplicate());
        other.request(part);
      }

      @Override
      public void response(ByteBuffer part) {
        BodyWatch.this.response(part.duplicate());
        other.response(part);
      }

      @Override
      public void end(Ended exchange) {
        BodyWatch.this.end(exchange);
        other.end(exchange);
      }
    };
  }
}
