/** The controllers of one cluster: desired objects in, changes to the API server out. */
@NullMarked
package dev.weft.lab.controller;

import org.jspecify.annotations.NullMarked;
