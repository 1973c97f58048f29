/** Objects that the mesh keeps in its clusters: gateways, webhooks, trust bundles. */
@NullMarked
package dev.weft.provision;

import org.jspecify.annotations.NullMarked;
