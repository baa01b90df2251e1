package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpFilesModelRules;

class NioFilesModelRulesTest extends HttpFilesModelRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
