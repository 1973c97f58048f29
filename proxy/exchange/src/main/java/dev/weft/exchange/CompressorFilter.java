package dev.weft.exchange;

import dev.weft.routing.CompressionPolicy;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.HeaderEdits.Action;
import dev.weft.routing.Route;
import dev.weft.runtime.HttpFilter.Compressor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers are compressed for clients that take them so. Envoy:
 * source/extensions/filters/http/compressor/compressor_filter.cc.
 *
 * @param place of its statistics
 */
record CompressorFilter(Compressor rules, String place) implements Filter {
  private static final String ACCEPT = "accept-encoding";

  /** What the client takes, where its endpoint does not hear of it. */
  private static final String NOTE = "compressor.accept-encoding";

  private static final Step HIDES =
      new Step.Edit(HeadChange.of(Set.of(ACCEPT), Map.of()), false, List.of());

  private static final HeaderEdits VARIES =
      new HeaderEdits(List.of(), List.of(edit("vary", "Accept-Encoding")));
  private static final HeaderEdits CODED =
      new HeaderEdits(List.of("content-length"), List.of(edit("content-encoding", "gzip")));

  /** The tag stands for the very bytes, which are others now (RFC 9110, 8.8.1). */
  private static final HeaderEdits LOSES_TAG = new HeaderEdits(List.of("etag"), List.of());

  private static HeaderEdits.Edit edit(String name, String value) {
    return new HeaderEdits.Edit(name, value, Action.APPEND_IF_EXISTS_OR_ADD, false);
  }

  @Override
  public boolean readsRoute() {
    return true;
  }

  @Override
  public boolean readsAnswers() {
    return true;
  }

  @Override
  public Step head(Asked request) {
    CompressionPolicy here = policy(request);
    Boolean hides = here == null ? null : here.hidesAcceptEncoding();
    CharSequence accepted = request.request().header(ACCEPT);
    if (accepted == null
        || !enabled(here)
        || !(hides == null ? rules.hidesAcceptEncoding() : hides)) {
      return Step.GO_ON;
    }
    request.note(NOTE, accepted.toString());
    return HIDES;
  }

  private static @Nullable CompressionPolicy policy(Asked request) {
    Route route = request.route();
    return route == null ? null : route.policy(CompressionPolicy.class);
  }

  private boolean enabled(@Nullable CompressionPolicy here) {
    Boolean said = here == null ? null : here.enabled();
    return said == null ? rules.enabled() : said;
  }

  @Override
  public Answering answer(Answered answer) {
    Asked request = answer.request();
    boolean looked = enabled(policy(request)) && isLongEnough(answer);
    boolean compressible = looked && isCompressible(answer);
    boolean coded =
        looked && answer.hasContent() && accepts(request) && compressible && answer.coders().take();
    count(request, coded ? CompressionStat.COMPRESSED : CompressionStat.NOT_COMPRESSED);
    if (!compressible) {
      return Answering.AS_IT_IS;
    }
    String vary = answer.header("vary");
    List<HeaderEdits> varies =
        vary == null || !has(vary, ACCEPT) && !has(vary, "*") ? List.of(VARIES) : List.of();
    if (!coded) {
      return Answering.edited(varies);
    }
    String tag = answer.header("etag");
    HeaderEdits tagged =
        tag == null || tag.startsWith("W/") || tag.startsWith("w/") ? HeaderEdits.NONE : LOSES_TAG;
    return new Answering(
        varies.isEmpty() ? List.of(CODED, tagged) : List.of(CODED, tagged, VARIES),
        List.of(),
        new CountedCoder(
            new GzipCoder(rules.level(), rules.strategy(), answer.coders()),
            request.counter(),
            place));
  }

  private void count(Asked request, CompressionStat stat) {
    request.counter().compressed(place, stat, 1);
  }

  /** Whether it would be compressed for some client. */
  private boolean isCompressible(Answered answer) {
    int status = answer.status();
    return status >= 200
        && status != 204
        && status != 206
        && status != 304
        && !rules.exceptions().contains(status)
        && isOfType(answer.header("content-type"))
        && answer.header("content-encoding") == null
        && answer.header("content-range") == null
        && !has(answer.header("cache-control"), "no-transform")
        && mayHaveTag(answer)
        && isPlain(answer.header("transfer-encoding"));
  }

  private boolean isLongEnough(Answered answer) {
    String length = answer.header("content-length");
    if (length == null) {
      return true;
    }
    try {
      if (Long.parseLong(length) >= rules.minLength()) {
        return true;
      }
    } catch (NumberFormatException e) {
      return false;
    }
    count(answer.request(), CompressionStat.TOO_SMALL);
    return false;
  }

  private boolean mayHaveTag(Answered answer) {
    if (rules.refusesTags() && answer.header("etag") != null) {
      count(answer.request(), CompressionStat.HAS_TAG);
      return false;
    }
    return true;
  }

  /** Content without a type is of all of them, as in Envoy. */
  private boolean isOfType(@Nullable String type) {
    if (type == null) {
      return true;
    }
    int parameters = type.indexOf(';');
    String media = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    String lower = media.toLowerCase(Locale.ROOT);
    return rules.types().contains(lower) && !lower.startsWith("application/grpc");
  }

  private static boolean isPlain(@Nullable String codings) {
    return codings == null || codings.equalsIgnoreCase("chunked");
  }

  private static boolean has(@Nullable String list, String element) {
    if (list != null) {
      for (String each : list.split(",")) {
        if (each.strip().equalsIgnoreCase(element)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean accepts(Asked request) {
    String noted = request.noted(NOTE);
    CharSequence header = noted != null ? noted : request.request().header(ACCEPT);
    if (header == null) {
      count(request, CompressionStat.NO_ACCEPT);
      return false;
    }
    AcceptedCodings accepted = AcceptedCodings.of(header.toString());
    boolean gzip = accepted.gzip();
    count(
        request,
        gzip
            ? accepted.gzipAsAny() ? CompressionStat.ACCEPTED_AS_ANY : CompressionStat.ACCEPTED
            : accepted.ratherIdentity() ? CompressionStat.IDENTITY : CompressionStat.NOT_ACCEPTED);
    return gzip;
  }
}
