package dev.weft.lab.node;

import dev.weft.apiserver.ObjectStore;
import dev.weft.lab.container.ContainerRuntime;
import dev.weft.lab.image.ImageCatalogue;
import dev.weft.lab.net.LabNetwork.NodeNetwork;
import dev.weft.lab.object.Events;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What a node works with.
 *
 * @param name of the Node object
 * @param address of the node on the wan
 * @param dnsAddress of the cluster DNS
 * @param directory for pods and their logs
 */
public record NodeContext(
    String name,
    String address,
    String dnsAddress,
    Path directory,
    ObjectStore store,
    NodeNetwork network,
    ContainerRuntime runtime,
    ImageCatalogue images,
    TokenSource tokens,
    Events events,
    InstantSource clock) {

  Path podDirectory(String uid) {
    return directory.resolve("pods").resolve(uid);
  }
}
