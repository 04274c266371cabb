package tenant

import "context"

type departmentInput struct {
	ID string `path:"id"`
}
type listInput struct{}

func (s *Service) handleDepartments(ctx context.Context, in *listInput) (*settingsOutput, error) {
	return nil, nil
}
func (s *Service) handleCreateDepartment(ctx context.Context, in *listInput) (*settingsOutput, error) {
	return nil, nil
}
func (s *Service) handleDepartment(ctx context.Context, in *departmentInput) (*settingsOutput, error) {
	return nil, nil
}
func (s *Service) handleUpdateDepartment(ctx context.Context, in *departmentInput) (*settingsOutput, error) {
	return nil, nil
}
func (s *Service) handleDeleteDepartment(ctx context.Context, in *departmentInput) (*settingsOutput, error) {
	return nil, nil
}
