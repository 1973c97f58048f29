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
 */
record CompressorFilter(Compressor rules) implements Filter {
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
    if (!enabled(policy(answer.request())) || !isCompressible(answer)) {
      return Answering.AS_IT_IS;
    }
    String vary = answer.header("vary");
    List<HeaderEdits> varies =
        vary == null || !has(vary, ACCEPT) && !has(vary, "*") ? List.of(VARIES) : List.of();
    if (!answer.hasContent() || !accepts(answer.request()) || !answer.coders().take()) {
      return Answering.edited(varies);
    }
    String tag = answer.header("etag");
    HeaderEdits tagged =
        tag == null || tag.startsWith("W/") || tag.startsWith("w/") ? HeaderEdits.NONE : LOSES_TAG;
    return new Answering(
        varies.isEmpty() ? List.of(CODED, tagged) : List.of(CODED, tagged, VARIES),
        List.of(),
        new GzipCoder(rules.level(), rules.strategy(), answer.coders()));
  }

  /** Whether it would be compressed for some client. */
  private boolean isCompressible(Answered answer) {
    int status = answer.status();
    return status >= 200
        && status != 204
        && status != 206
        && status != 304
        && !rules.exceptions().contains(status)
        && isLongEnough(answer.header("content-length"))
        && isOfType(answer.header("content-type"))
        && answer.header("content-encoding") == null
        && answer.header("content-range") == null
        && !(rules.refusesTags() && answer.header("etag") != null)
        && !has(answer.header("cache-control"), "no-transform")
        && isPlain(answer.header("transfer-encoding"));
  }

  private boolean isLongEnough(@Nullable String length) {
    if (length == null) {
      return true;
    }
    try {
      return Long.parseLong(length) >= rules.minLength();
    } catch (NumberFormatException e) {
      return false;
    }
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

  private static boolean accepts(Asked request) {
    String noted = request.noted(NOTE);
    CharSequence header = noted != null ? noted : request.request().header(ACCEPT);
    return header != null && AcceptedCodings.of(header.toString()).gzip();
  }
}
