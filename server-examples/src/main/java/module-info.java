/** Programs to read and to start. */
module dev.selvedge.examples {
    requires dev.selvedge.server;
    requires java.net.http;             // for OrdersClient alone
    requires tools.jackson.databind;    // for JsonApi and OrdersClient

    opens dev.selvedge.examples to tools.jackson.databind;    // it reads the components of records
}
