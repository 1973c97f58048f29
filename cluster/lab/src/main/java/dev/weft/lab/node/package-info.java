/** The node of one cluster: pods, volumes, probes, logs, service rules, names. */
@NullMarked
package dev.weft.lab.node;

import org.jspecify.annotations.NullMarked;
