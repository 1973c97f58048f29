/**
 * The machine's network for a lab: namespaces, links, addresses, service rules, sockets inside
 * namespaces.
 */
@NullMarked
package dev.weft.lab.net;

import org.jspecify.annotations.NullMarked;
