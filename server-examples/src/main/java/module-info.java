/** Programs to read and to start. */
module dev.selvedge.examples {
    requires dev.selvedge.server;
    requires tools.jackson.databind;    // for JsonApi alone

    opens dev.selvedge.examples to tools.jackson.databind;    // it reads the components of records
}
