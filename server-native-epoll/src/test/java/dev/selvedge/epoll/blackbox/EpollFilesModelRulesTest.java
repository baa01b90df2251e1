package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpFilesModelRules;

class EpollFilesModelRulesTest extends HttpFilesModelRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
