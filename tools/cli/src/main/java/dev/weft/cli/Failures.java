package dev.weft.cli;

import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.MeshAccess;
import dev.weft.lab.supervisor.LabException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What went wrong, in one sentence and an exit code. What nobody foresaw keeps its stack trace. */
final class Failures implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult result)
      throws Exception {
    switch (failure) {
      case CommandFailure known -> {
        line.getErr().println("weft: " + known.getMessage());
        return known.kind().exitCode();
      }
      case LabException lab -> {
        line.getErr().println("weft: " + lab.getMessage());
        return CommandFailure.Kind.FAILED.exitCode();
      }
      case KubernetesClientException api -> {
        line.getErr().println("weft: " + sentence(api, server(line)));
        return kind(api).exitCode();
      }
      default -> throw failure;
    }
  }

  private static CommandFailure.Kind kind(KubernetesClientException failure) {
    return failure.getCode() <= 0 ? CommandFailure.Kind.UNREACHABLE : CommandFailure.Kind.FAILED;
  }

  /** The API server that the command asked last. */
  private static String server(CommandLine line) {
    return line.getCommandSpec().mixins().values().stream()
        .map(mixin -> mixin.userObject())
        .flatMap(
            mixin ->
                switch (mixin) {
                  case ClusterAccess access -> Stream.of(access.lastServer());
                  case MeshAccess mesh -> Stream.of(mesh.clusters().lastServer());
                  default -> Stream.empty();
                })
        .filter(server -> !server.isEmpty())
        .findFirst()
        .map(server -> " " + server)
        .orElse("");
  }

  /**
   * What an API server's refusal, or its silence, means.
   *
   * @param server with a blank before it, or empty
   */
  static String sentence(KubernetesClientException failure, String server) {
    if (failure.getCode() <= 0) {
      return "the API server" + server + " does not answer: " + silence(failure);
    }
    String said =
        failure.getStatus() == null || failure.getStatus().getMessage() == null
            ? String.valueOf(failure.getMessage())
            : failure.getStatus().getMessage();
    return "the API server"
        + server
        + " says "
        + failure.getCode()
        + ": "
        + said
        + switch (failure.getCode()) {
          case HttpURLConnection.HTTP_UNAUTHORIZED ->
              "; the credentials of this context are not valid, or no longer";
          case HttpURLConnection.HTTP_FORBIDDEN ->
              "; get that right, or choose a context that has it with --context";
          default -> "";
        };
  }

  private static String silence(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnknownHostException e -> {
          return "its name is not known here; check the server of this context (--context)";
        }
        case SSLException e -> {
          return "its certificate is not trusted ("
              + e.getMessage()
              + "); check certificate-authority-data of this context";
        }
        case HttpTimeoutException e -> {
          return "no answer in time; is it up, and is there a way from here to it?";
        }
        case SocketTimeoutException e -> {
          return "no answer in time; is it up, and is there a way from here to it?";
        }
        case ConnectException e -> {
          return "nothing listens there, or there is no way to it; is the cluster up?";
        }
        default -> {}
      }
    }
    return String.valueOf(failure.getMessage());
  }
}
