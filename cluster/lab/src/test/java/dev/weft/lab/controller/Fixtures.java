package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Trees;
import java.time.Instant;

/** Objects for the decisions' tests. */
final class Fixtures {
  static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private Fixtures() {}

  static ObjectNode deployment(int replicas, String strategy) {
    ObjectNode deployment =
        Trees.yaml(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop, uid: d1, generation: 3}
            spec:
              replicas: %d
              selector: {matchLabels: {app: web}}
              strategy: %s
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: web, image: web:2}]}
            """
                .formatted(replicas, strategy));
    return deployment;
  }

  /** A ReplicaSet of that Deployment; {@code image} tells its template apart. */
  static ObjectNode set(String name, String image, int replicas, int available, int revision) {
    return Trees.yaml(
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: %s
          namespace: shop
          uid: uid-%s
          generation: 1
          creationTimestamp: 2026-03-01T09:0%d:00Z
          annotations: {deployment.kubernetes.io/revision: "%d"}
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d1, controller: true}]
        spec:
          replicas: %d
          selector: {matchLabels: {app: web, pod-template-hash: %s}}
          template:
            metadata: {labels: {app: web, pod-template-hash: %s}}
            spec: {containers: [{name: web, image: "%s"}]}
        status: {replicas: %d, readyReplicas: %d, availableReplicas: %d}
        """
            .formatted(
                name, name, revision, revision, replicas, name, name, image, replicas, available,
                available));
  }

  static ObjectNode pod(String name, String owner, boolean ready, String created) {
    return Trees.yaml(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          namespace: shop
          uid: uid-%s
          creationTimestamp: %s
          labels: {app: web}
          %s
        spec:
          nodeName: node1
          containers: [{name: web, image: web:2, ports: [{name: http, containerPort: 8080}]}]
        status:
          phase: Running
          podIP: 10.244.0.5
          conditions: [{type: Ready, status: "%s", lastTransitionTime: %s}]
        """
            .formatted(
                name,
                name,
                created,
                owner.isEmpty()
                    ? ""
                    : "ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: %s,"
                            .formatted(owner)
                        + " controller: true}]",
                ready ? "True" : "False",
                created));
  }
}
