/** The HTTP clients that Java programs use meet the fake server: in order, and with everything that it can do wrong. */
package dev.selvedge.clients;
