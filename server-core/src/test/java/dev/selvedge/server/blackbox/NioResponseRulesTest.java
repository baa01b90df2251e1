package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpResponseRules;

class NioResponseRulesTest extends HttpResponseRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
