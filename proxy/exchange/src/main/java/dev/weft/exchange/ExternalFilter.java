package dev.weft.exchange;

import dev.weft.runtime.Authorizer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Somebody outside says whether requests come in. Envoy: source/extensions/filters/http/ext_authz.
 */
record ExternalFilter(Authorizer authorizer) implements Filter {
  private static final String DENIED = "ext_authz_denied";
  private static final String FAILED = "ext_authz_error";

  private static final Step.Held NO_CONTENT = new Step.Held(new byte[0], true);

  /** Says to an authorizer whether there is more of a body than it is shown. */
  static final String PARTIAL = "x-envoy-auth-partial-body";

  /** How messages are framed and where they go, and what this proxy says of itself. */
  private static final Set<String> OWN =
      Set.of(
          "connection",
          "content-length",
          "date",
          "host",
          "keep-alive",
          "proxy-connection",
          "server",
          "trailer",
          "transfer-encoding",
          "upgrade");

  @Override
  public Step head(Asked request) {
    Authorizer.When when = authorizer.when();
    if (when != null && !when.holds(request.noted(when.key()))) {
      return Step.GO_ON;
    }
    Authorizer.Body body = authorizer.body();
    if (body == null) {
      return ask(request, null);
    }
    return request.hasContent()
        ? new Step.Hold(body.most(), body.partial(), held -> ask(request, held))
        : ask(request, NO_CONTENT);
  }

  private Step ask(Asked request, Step.@Nullable Held body) {
    Call call =
        switch (authorizer.service()) {
          case Authorizer.Http http -> HttpCheck.call(authorizer, http, request, body);
          case Authorizer.Grpc grpc -> GrpcCheck.call(authorizer, grpc, request, body);
        };
    return new Step.Ask(call, answer -> then(verdict(answer), request));
  }

  private Verdict verdict(Call.Answer answer) {
    return switch (answer) {
      case Call.Lost lost -> new Verdict.Failed();
      case Call.Answered answered ->
          switch (authorizer.service()) {
            case Authorizer.Http http -> HttpCheck.verdict(http, answered);
            case Authorizer.Grpc grpc -> GrpcCheck.verdict(answered);
          };
    };
  }

  private Step then(Verdict verdict, Asked request) {
    return switch (verdict) {
      case Verdict.Allowed allowed -> allowed(allowed, request);
      case Verdict.Denied denied ->
          new Step.Reply(
              denied.status(),
              ResponseFlag.UAEX.bit(),
              DENIED,
              denied.body(),
              theirs(denied.headers()).stream().map(ExternalFilter::line).toList());
      case Verdict.Failed failed -> failed();
    };
  }

  private Step failed() {
    if (!authorizer.failOpen()) {
      return Step.Reply.of(authorizer.statusOnError(), ResponseFlag.UAEX, FAILED, "");
    }
    return authorizer.tellsFailure()
        ? new Step.Edit(
            HeadChange.of(Set.of(), Map.of("x-envoy-auth-failure-mode-allowed", "true")),
            authorizer.reroutes(),
            List.of())
        : Step.GO_ON;
  }

  private Step allowed(Verdict.Allowed allowed, Asked request) {
    Map<String, String> set = new LinkedHashMap<>();
    theirs(allowed.set()).forEach(field -> set.put(field.name(), field.value()));
    for (FieldList.Field field : theirs(allowed.more())) {
      String before = set.get(field.name());
      CharSequence received = before == null ? request.request().header(field.name()) : before;
      set.put(field.name(), received == null ? field.value() : received + "," + field.value());
    }
    Set<String> removed = new LinkedHashSet<>(allowed.removed());
    removed.removeAll(OWN);
    HeadChange change = HeadChange.of(removed, set);
    return change.isEmpty() && allowed.response().isEmpty()
        ? Step.GO_ON
        : new Step.Edit(
            change,
            authorizer.reroutes(),
            theirs(allowed.response()).stream().map(ExternalFilter::line).toList());
  }

  private static List<FieldList.Field> theirs(List<FieldList.Field> fields) {
    return fields.stream().filter(field -> !OWN.contains(field.name())).toList();
  }

  private static String line(FieldList.Field field) {
    return field.name() + ": " + field.value();
  }
}
