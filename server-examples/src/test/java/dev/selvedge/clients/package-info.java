/**
 * The HTTP clients that Java programs use meet the fake server: in order, and with everything that it can do wrong.
 * Programs that fetch files, and a browser, meet static files.
 */
package dev.selvedge.clients;
