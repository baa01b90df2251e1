package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpFilesRules;

class NioFilesRulesTest extends HttpFilesRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
