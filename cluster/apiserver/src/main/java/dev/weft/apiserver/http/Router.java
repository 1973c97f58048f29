package dev.weft.apiserver.http;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.auth.Authenticator;
import dev.weft.apiserver.auth.Authorizer;
import dev.weft.apiserver.auth.Identity;
import dev.weft.apiserver.auth.Tokens;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.schema.TypeRegistry;
import java.util.List;
import java.util.Optional;

/** Finds what a path means, and who may ask for it. */
public final class Router {

  private final TypeRegistry registry;
  private final Discovery discovery;
  private final OpenApi openApi;
  private final Resources resources;
  private final Authenticator authenticator;
  private final Authorizer authorizer;
  private final Impersonation impersonation;
  private final Tokens tokens;

  public Router(
      TypeRegistry registry,
      Resources resources,
      Authenticator authenticator,
      Authorizer authorizer,
      Tokens tokens) {
    this.registry = registry;
    this.discovery = new Discovery(registry);
    this.openApi = new OpenApi(registry);
    this.resources = resources;
    this.authenticator = authenticator;
    this.authorizer = authorizer;
    this.impersonation = new Impersonation(authorizer);
    this.tokens = tokens;
  }

  /** Never throws: what is refused or fails is a {@code Status}. */
  public Answer answer(Request request) {
    try {
      List<String> path = request.segments();
      String first = path.isEmpty() ? "" : path.getFirst();
      switch (first) {
        case "healthz", "livez", "readyz" -> {
          return Answer.text(200, "ok");
        }
        default -> {}
      }
      Identity who = identify(request);
      Optional<Target> target = target(path);
      authorize(who, request, target);
      return target.isPresent()
          ? resources.answer(request, target.get(), who)
          : documents(request, path, first);
    } catch (ApiException e) {
      return Answer.refusal(e);
    }
  }

  /**
   * The pod and sub-resource that somebody may open a stream to.
   *
   * @throws ApiException where the request has to be refused
   */
  Target streamTarget(Request request) {
    Identity who = identify(request);
    Target target = target(request.segments()).orElseThrow(Errors::noSuchResource);
    authorize(who, request, Optional.of(target));
    if (!target.known().isPod() || target.name().isEmpty()) {
      throw Errors.noSuchResource();
    }
    return target;
  }

  private Identity identify(Request request) {
    Identity who =
        authenticator
            .identify(request.headerText("Authorization"))
            .orElseThrow(Errors::unauthorized);
    return impersonation.of(who, request);
  }

  private Answer documents(Request request, List<String> path, String first) {
    if (!request.method().equals("GET")) {
      throw Errors.methodNotAllowed();
    }
    int size = path.size();
    return switch (first) {
      case "version" -> Answer.json(200, ServerVersion.document());
      case "api" ->
          switch (size) {
            case 1 -> discovery.root(request, true);
            case 2 -> discovery.resources("", path.get(1));
            default -> throw Errors.noSuchResource();
          };
      case "apis" ->
          switch (size) {
            case 1 -> discovery.root(request, false);
            case 2 -> discovery.group(path.get(1));
            case 3 -> discovery.resources(path.get(1), path.get(2));
            default -> throw Errors.noSuchResource();
          };
      case "openapi" -> openApi(request, path);
      case ".well-known" -> openIdConfiguration();
      case "openid" ->
          new Answer.Body(200, "application/jwk-set+json", Json.bytes(tokens.keySet()), List.of());
      case "" -> paths();
      default -> throw Errors.noSuchResource();
    };
  }

  private Answer openApi(Request request, List<String> path) {
    if (path.size() == 2 && path.get(1).equals("v2")) {
      return OpenApi.version2(request);
    }
    if (path.size() < 2 || !path.get(1).equals("v3")) {
      throw Errors.noSuchResource();
    }
    return switch (path.size()) {
      case 2 -> openApi.index();
      case 4 -> openApi.document(request, "", path.get(3));
      case 5 -> openApi.document(request, path.get(3), path.get(4));
      default -> throw Errors.noSuchResource();
    };
  }

  private static Answer openIdConfiguration() {
    var document =
        Json.object()
            .put("issuer", Tokens.ISSUER)
            .put("jwks_uri", Tokens.ISSUER + "/openid/v1/jwks");
    document.putArray("response_types_supported").add("id_token");
    document.putArray("subject_types_supported").add("public");
    document.putArray("id_token_signing_alg_values_supported").add("ES256");
    return Answer.json(200, document);
  }

  private Answer paths() {
    var document = Json.object();
    var paths = document.putArray("paths").add("/api").add("/api/v1").add("/apis");
    registry
        .byGroup()
        .forEach(
            (group, versions) -> {
              if (!group.isEmpty()) {
                paths.add("/apis/" + group);
                versions.keySet().forEach(version -> paths.add("/apis/" + group + "/" + version));
              }
            });
    paths.add("/healthz").add("/livez").add("/openapi/v3").add("/readyz").add("/version");
    return Answer.json(200, document);
  }

  /** Empty for a path that is no resource; 404 for a resource that is not served. */
  private Optional<Target> target(List<String> path) {
    boolean core = !path.isEmpty() && path.getFirst().equals("api");
    boolean other = !path.isEmpty() && path.getFirst().equals("apis");
    int skip = core ? 2 : 3;
    if (!(core || other) || path.size() <= skip) {
      return Optional.empty();
    }
    String group = core ? "" : path.get(1);
    String version = path.get(skip - 1);
    List<String> rest = path.subList(skip, path.size());
    String namespace = "";
    boolean scoped =
        rest.size() >= 3
            && rest.getFirst().equals("namespaces")
            && !(core && (rest.get(2).equals("status") || rest.get(2).equals("finalize")));
    if (scoped) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    KnownType known =
        registry.find(group, version, rest.getFirst()).orElseThrow(Errors::noSuchResource);
    if (rest.size() > 3 || (scoped && !known.type().namespaced())) {
      throw Errors.noSuchResource();
    }
    String name = rest.size() > 1 ? rest.get(1) : "";
    if (!name.isEmpty() && known.type().namespaced() && namespace.isEmpty()) {
      throw Errors.noSuchResource();
    }
    return Optional.of(new Target(known, namespace, name, rest.size() > 2 ? rest.get(2) : ""));
  }

  private void authorize(Identity who, Request request, Optional<Target> target) {
    String verb = verb(request, target);
    Authorizer.Action action =
        target
            .map(
                t ->
                    new Authorizer.Action(
                        verb,
                        t.known().type().group(),
                        t.known().type().version(),
                        t.known().type().plural(),
                        t.part(),
                        t.namespace(),
                        t.name(),
                        ""))
            .orElseGet(() -> new Authorizer.Action(verb, "", "", "", "", "", "", request.path()));
    if (authorizer.allows(who, action)) {
      return;
    }
    if (target.isEmpty()) {
      throw new ApiException(
          403,
          "Forbidden",
          "forbidden: User \""
              + who.name()
              + "\" cannot "
              + verb
              + " path \""
              + request.path()
              + "\"");
    }
    Target t = target.get();
    ResourceType type = t.known().type();
    String what = type.plural() + (t.part().isEmpty() ? "" : "/" + t.part());
    throw Errors.forbidden(
        type,
        t.name(),
        "User \""
            + who.name()
            + "\" cannot "
            + verb
            + " resource \""
            + what
            + "\" in API group \""
            + type.group()
            + "\" "
            + Errors.scope(t.namespace()));
  }

  private static String verb(Request request, Optional<Target> target) {
    boolean collection = target.map(t -> t.name().isEmpty()).orElse(false);
    return switch (request.method()) {
      case "GET", "HEAD" ->
          request.flag("watch") && target.isPresent() ? "watch" : collection ? "list" : "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> collection ? "deletecollection" : "delete";
      default -> request.method().toLowerCase(java.util.Locale.ROOT);
    };
  }
}
