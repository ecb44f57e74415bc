"""What AWS takes: the zip of all functions, the CloudFormation template of a stage, the proof that both work."""
