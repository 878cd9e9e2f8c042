"""LangGraph judgements, one verb a file."""
