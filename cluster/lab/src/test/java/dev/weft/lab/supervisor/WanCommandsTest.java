package dev.weft.lab.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.lab.net.Place;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class WanCommandsTest {
  private final WanCommands commands = new WanCommands(new Here());

  /** Where the test itself is; nothing is opened there. */
  private record Here() implements Place {
    @Override
    public String namespace() {
      return "here";
    }

    @Override
    public List<String> entering(List<String> command) {
      return command;
    }

    @Override
    public ServerSocketChannel listen(String address, int port) throws IOException {
      throw new IOException("nothing listens here");
    }

    @Override
    public SocketChannel connect(String address, int port, int timeoutMillis) throws IOException {
      throw new IOException("nothing is reached from here");
    }

    @Override
    public DatagramChannel bindUdp(String address, int port) throws IOException {
      throw new IOException("nothing is bound here");
    }
  }

  private String shell(String script, String input) throws IOException {
    return commands.run(List.of("/bin/sh", "-c", script), Map.of("WORD", "there"), input);
  }

  @Test
  void a_command_reads_its_input_and_environment_and_gives_what_it_prints() throws IOException {
    assertThat(shell("cat; echo $WORD; echo not this >&2", "hello ")).isEqualTo("hello there\n");
    assertThat(commands.running()).isEmpty();
  }

  @Test
  void a_command_that_fails_is_named_with_its_last_words() {
    assertThatThrownBy(() -> shell("echo half; echo no such cluster >&2; exit 3", ""))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("'sh -c ")
        .hasMessageEndingWith("ended with 3: half\nno such cluster");
  }

  @Test
  void the_end_of_the_lab_is_that_of_its_commands(@TempDir Path directory) throws Exception {
    Path begun = directory.resolve("begun");
    String script =
        "sleep 600 & echo $! >" + begun + ".next; mv " + begun + ".next " + begun + "; wait";
    CompletableFuture<String> failure = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                failure.complete(shell(script, ""));
              } catch (IOException e) {
                failure.complete(String.valueOf(e.getMessage()));
              }
            });
    while (!Files.exists(begun) || commands.running().isEmpty()) {
      Thread.onSpinWait();
    }
    ProcessHandle process = commands.running().getFirst();
    ProcessHandle inside =
        ProcessHandle.of(Long.parseLong(Files.readString(begun).strip())).orElseThrow();

    commands.close();

    assertThat(failure.get(60, TimeUnit.SECONDS)).contains("ended with 137");
    process.onExit().get(60, TimeUnit.SECONDS);
    inside.onExit().get(60, TimeUnit.SECONDS);
    assertThatThrownBy(() -> shell("echo late", "")).hasMessage("the lab is going down");
  }
}
