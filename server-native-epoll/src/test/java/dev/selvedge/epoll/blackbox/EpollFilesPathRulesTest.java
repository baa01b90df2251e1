package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpFilesPathRules;

class EpollFilesPathRulesTest extends HttpFilesPathRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
